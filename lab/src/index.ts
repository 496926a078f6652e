/** The lab for test suites and the demo. */
export { loadData } from './data/load.ts';
export { labDown } from './down.ts';
export { readLab, type Lab, type LabCluster } from './lab.ts';
export { labReset } from './reset.ts';
export { labStatus, openListeners } from './status.ts';
export { labUp } from './up.ts';
