/**
 * One line when this Node is too old, undefined when it will do. Imports nothing, so that it can run before anything else is loaded.
 *
 * @param version as in `process.versions.node`
 */
export function nodeVersionProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 15)) return undefined;
  return `Hiveferry needs Node 24.15 or newer; this is Node ${version}. npm scripts bring their own: npm install, then npm start.`;
}
