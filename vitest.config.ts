import { defineConfig } from 'vitest/config';

const everywhere = ['apps/**', 'libs/**', 'lab/**', 'scripts/**', 'test/**'];
const named = (suffix: string): string[] => everywhere.map((folder) => `${folder}/*${suffix}`);
const never = ['**/node_modules/**', '**/dist/**', '**/.lab/**', '**/.hiveferry/**'];

/** Sizes by suffix: `.spec.ts` needs nothing, `.medium.spec.ts` needs Postgres, some Kafka, `.e2e.spec.ts` needs the lab; `.chaos.spec.ts` is run on request. */
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    // kafkajs 2 sets a timer to -1 less the time of day where it was never throttled.
    execArgv: ['--disable-warning=TimeoutNegativeWarning'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: named('.spec.ts'),
          exclude: [...never, ...['.medium.spec.ts', '.e2e.spec.ts', '.chaos.spec.ts'].flatMap(named)],
          // They run while the lab's servers start on the same cores, and some start processes.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
        },
      },
      {
        extends: true,
        test: {
          name: 'medium',
          include: named('.medium.spec.ts'),
          exclude: never,
          globalSetup: ['test/support/postgres.global-setup.ts'],
          // Guards only: they too run while the lab starts.
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 90_000 } },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: named('.e2e.spec.ts'),
          exclude: never,
          globalSetup: ['test/support/lab.global-setup.ts'],
          // The suites share one lab, and its machines share two cores.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'chaos',
          include: named('.chaos.spec.ts'),
          exclude: never,
          globalSetup: ['test/support/lab.global-setup.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
