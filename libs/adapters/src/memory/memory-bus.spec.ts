import { describe, expect, it } from 'vitest';
import { MemoryBusServer } from './memory-bus.server.ts';
import { MemoryBus } from './memory-bus.ts';

const message = (topic: string) => ({ topic, key: 'k', value: '{}', headers: {} });

describe('in-process bus', () => {
  it('delivers to exact topics and to patterns of whole segments', async () => {
    const bus = new MemoryBus();
    const got: string[] = [];
    bus.subscribe('tasks.*.distcp', async (messages) => void got.push(...messages.map(({ topic }) => `pattern ${topic}`)));
    bus.subscribe('tasks.a.distcp', async (messages) => void got.push(...messages.map(({ topic }) => `exact ${topic}`)));
    await bus.publish(['tasks.a.distcp', 'tasks.b.distcp', 'tasks.a.b.distcp', 'tasks'].map(message));
    expect(got).toEqual(['pattern tasks.a.distcp', 'exact tasks.a.distcp', 'pattern tasks.b.distcp']);
  });

  it('tells the publisher when a handler failed, and not after the server has closed', async () => {
    const bus = new MemoryBus();
    const server = new MemoryBusServer(bus);
    server.addHandler('topic', () => Promise.reject(new Error('Postgres is down')), true);
    server.listen(() => undefined);
    await expect(bus.publish([message('topic')])).rejects.toThrow('Postgres is down');
    server.close();
    await expect(bus.publish([message('topic')])).resolves.toBeUndefined();
  });
});
