import { afterEach, describe, expect, it, vi } from 'vitest';
import { startTestServer, testServers } from './test-servers.ts';

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

describe('one server of the suites', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  const local = (): Promise<string> => Promise.resolve('of this machine');
  const noImage = (): Promise<string> => Promise.reject(new Error('no such image'));

  it('is taken from this machine when its image cannot be had, and that is said', async () => {
    const said = vi.spyOn(console, 'warn').mockReturnValue();
    vi.stubEnv('HIVEFERRY_TEST_SERVERS', 'auto');
    expect(await startTestServer('Kafka', { container: noImage, local }, engine)).toBe('of this machine');
    expect(said.mock.calls).toEqual([['no container of Kafka (Error: no such image): the Kafka of this machine is taken']]);
  });

  it('is a container or nothing when containers are asked for', async () => {
    vi.stubEnv('HIVEFERRY_TEST_SERVERS', 'containers');
    await expect(startTestServer('Kafka', { container: noImage, local }, engine)).rejects.toThrow('no such image');
  });
});
