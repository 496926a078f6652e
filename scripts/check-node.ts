/** Starts the script named by the first argument, or says in one line that this Node will not do. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 24 || (major === 24 && minor < 15)) {
  console.error(
    `Hiveferry needs Node 24.15 or newer, found ${process.versions.node}: run "npm ci" (it brings Node 24 on Linux and Windows) or install Node 24.`,
  );
  process.exit(2);
}

const script = process.argv[2];
if (script === undefined) {
  console.error('usage: sh scripts/run.sh SCRIPT.ts [ARGUMENTS]');
  process.exit(2);
}
process.argv.splice(1, 2, script);
await import(new URL(`../${script}`, import.meta.url).href);

export {};
