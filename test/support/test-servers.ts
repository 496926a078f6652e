/** Where the suites' servers come from: containers when a Docker engine answers, else processes of this machine. */

const CHOICES = ['containers', 'local', 'auto'] as const;
type Choice = (typeof CHOICES)[number];

/**
 * `HIVEFERRY_TEST_SERVERS`: `containers` and `local` are kept to, and fail when they cannot be had; `auto` (default) asks for an engine.
 *
 * @param engineAnswers asked only when it matters
 */
export async function testServers(
  choice: string | undefined,
  engineAnswers: () => Promise<boolean> = dockerAnswers,
): Promise<'containers' | 'local'> {
  const wanted = choice === undefined || choice === '' ? 'auto' : choice;
  if (!isChoice(wanted)) throw new Error(`HIVEFERRY_TEST_SERVERS: expected one of ${CHOICES.join(', ')}; found "${wanted}"`);
  if (wanted === 'local') return 'local';
  if (await engineAnswers()) return 'containers';
  if (wanted === 'auto') return 'local';
  throw new Error('HIVEFERRY_TEST_SERVERS is "containers", but no Docker engine answers: start one, set DOCKER_HOST, or use "auto".');
}

/** A server, from where the choice says: what cannot be had as a container is taken from this machine, unless containers were asked for. */
export async function startTestServer<T>(
  name: string,
  ways: { readonly container: () => Promise<T>; readonly local: () => Promise<T> },
  engineAnswers: () => Promise<boolean> = dockerAnswers,
): Promise<T> {
  const choice = process.env['HIVEFERRY_TEST_SERVERS'];
  if ((await testServers(choice, engineAnswers)) === 'local') return ways.local();
  try {
    return await ways.container();
  } catch (error) {
    // The engine may be unable to pull the image.
    if (choice === 'containers') throw error;
    console.warn(`no container of ${name} (${String(error)}): the ${name} of this machine is taken`);
    return ways.local();
  }
}

/** The look for an engine takes testcontainers about 0.3 s. */
async function dockerAnswers(): Promise<boolean> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  try {
    await getContainerRuntimeClient();
    return true;
  } catch {
    return false;
  }
}

function isChoice(text: string): text is Choice {
  return CHOICES.some((choice) => choice === text);
}
