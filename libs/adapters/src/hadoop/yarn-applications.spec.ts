import { describe, expect, it } from 'vitest';
import type { CommandResult, HadoopCommand } from './hadoop-command.ts';
import { createYarnApplications } from './yarn-applications.ts';

const APPLICATION = 'application_1763700000000_0007';
const COLUMNS =
  '                Application-Id\t    Application-Name\t    Application-Type\t      User\t     Queue\t             State\t       Final-State\t       Progress\t                       Tracking-URL';
const answer = (stdout: string, exitCode = 0, stderr = ''): CommandResult => ({ exitCode, stdout, stderr });

interface FakeYarn {
  readonly hadoop: HadoopCommand;
  readonly asked: string[];
  /** What the application becomes, look by look; the last one stays. Empty: YARN does not know it. */
  states: string[];
  killCode: number;
  jobs: CommandResult;
}

/** Answers as `mapred job` and `yarn application` of Hadoop 3.4.2 do. */
function fakeYarn(): FakeYarn {
  const asked: string[] = [];
  const yarn: FakeYarn = {
    asked,
    states: ['RUNNING'],
    killCode: 0,
    jobs: answer(
      'Total jobs:1\n                  JobId\t             JobName\n job_1763700000000_0007\tdistcp: hiveferry-st\t   RUNNING\n',
    ),
    hadoop: {
      command: 'hadoop',
      environment: {},
      version: async () => 'Hadoop 3.4.2',
      async run(argv) {
        const said = argv.map((part) => part.replace(/^org\..*\./, '')).join(' ');
        asked.push(said);
        if (said.startsWith('JobClient')) return yarn.jobs;
        if (said.includes('-kill')) return answer(`Killing application ${APPLICATION}\n`, yarn.killCode, 'Permission denied\n');
        if (said.includes('-status') && yarn.states.length === 0)
          return answer(`Application with id '${APPLICATION}' doesn't exist in RM or Timeline Server.\n`, 255);
        if (said.includes('-status'))
          return answer(`Application Report : \n\tState : ${(yarn.states.length > 1 ? yarn.states.shift() : yarn.states[0]) ?? ''}\n`);
        return answer(
          `Total number of applications:1\n${COLUMNS}\n${APPLICATION}\tdistcp: hiveferry-step-1\t           MAPREDUCE\t      hive\n`,
        );
      },
    },
  };
  return yarn;
}

const open = ({ hadoop }: FakeYarn): ReturnType<typeof createYarnApplications> =>
  createYarnApplications(hadoop, { lookEveryMs: 5, endWithinMs: 50 });

describe('applications on YARN', () => {
  it('are found by their tag, whoever submitted them', async () => {
    const yarn = fakeYarn();
    expect(await open(yarn).running('hiveferry-step-1')).toEqual([APPLICATION]);
    expect(yarn.asked.at(-1)).toBe(
      'ApplicationCLI application -list -appTags hiveferry-step-1 -appStates NEW,NEW_SAVING,SUBMITTED,ACCEPTED,RUNNING',
    );
  });

  it('are not asked for where MapReduce runs in the client', async () => {
    const yarn = fakeYarn();
    yarn.jobs = answer(
      '',
      1,
      'Exception in thread "main" java.lang.NullPointerException: Cannot read the array length because "<local3>" is null\n\tat org.apache.hadoop.mapreduce.tools.CLI.listJobs(CLI.java:683)\n',
    );
    expect(await open(yarn).running('hiveferry-step-1')).toEqual([]);
    expect(yarn.asked).toEqual(['JobClient -list']);
  });

  it('are not taken for ended when nobody answers', async () => {
    const yarn = fakeYarn();
    yarn.jobs = answer('', 255, 'java.net.ConnectException: Connection refused\n');
    await expect(open(yarn).running('hiveferry-step-1')).rejects.toMatchObject({ code: 'YARN_NOT_ASKED', retry: 'later' });
  });

  it('are waited for until YARN says that they ended', async () => {
    const yarn = fakeYarn();
    yarn.states = ['ACCEPTED', 'RUNNING', 'FINISHED'];
    await open(yarn).waitFor(APPLICATION);
    expect(yarn.asked.length).toBe(3);
  });

  it('are ended, and waited for until they are', async () => {
    const yarn = fakeYarn();
    yarn.states = ['RUNNING', 'RUNNING', 'KILLED'];
    await open(yarn).end(APPLICATION);
    expect(yarn.asked[1]).toBe(`ApplicationCLI application -kill ${APPLICATION}`);
    expect(yarn.asked.filter((each) => each.includes('-status')).length).toBeGreaterThan(2);
  });

  it('are left alone when they have ended, or when YARN has forgotten them', async () => {
    const yarn = fakeYarn();
    yarn.states = ['FINISHED'];
    await open(yarn).end(APPLICATION);
    yarn.states = [];
    await open(yarn).end(APPLICATION);
    expect(yarn.asked.filter((each) => each.includes('-kill'))).toEqual([]);
  });

  it('that cannot be ended are a fault that says so', async () => {
    const yarn = fakeYarn();
    yarn.killCode = 255;
    await expect(open(yarn).end(APPLICATION)).rejects.toMatchObject({
      code: 'YARN_APPLICATION_NOT_ENDED',
      message: expect.stringMatching(/application_1763700000000_0007.*RUNNING.*255: Permission denied/),
    });
  });
});
