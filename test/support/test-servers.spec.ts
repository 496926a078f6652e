import { describe, expect, it } from 'vitest';
import { testServers } from './test-servers.ts';

const engine = async (): Promise<boolean> => true;
const noEngine = async (): Promise<boolean> => false;

describe('servers of the suites', () => {
  it('takes containers when an engine answers, else what this machine has', async () => {
    expect([await testServers(undefined, engine), await testServers('', noEngine), await testServers('auto', noEngine)]).toEqual([
      'containers',
      'local',
      'local',
    ]);
  });

  it('never falls back when containers are asked for', async () => {
    await expect(testServers('containers', noEngine)).rejects.toThrow('no Docker engine answers');
    await expect(testServers('containers', engine)).resolves.toBe('containers');
  });

  it('asks for no engine when local servers are asked for', async () => {
    const asked = (): Promise<boolean> => Promise.reject(new Error('it was asked'));
    await expect(testServers('local', asked)).resolves.toBe('local');
  });

  it('refuses another word, by name', async () => {
    await expect(testServers('docker', engine)).rejects.toThrow('expected one of containers, local, auto; found "docker"');
  });
});
