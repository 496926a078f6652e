/** Brings the lab up with the `tiny` data set for the e2e suites; it stays up, so that the next run starts at once. */
import { labUp, loadData } from '../../lab/src/index.ts';

export const setup = async (): Promise<void> => {
  await labUp();
  await loadData('tiny');
};
