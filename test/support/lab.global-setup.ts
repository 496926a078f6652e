/**
 * Brings the lab up with the `tiny` data set for the e2e suites; it stays up, so that the next run starts at once.
 * `HIVEFERRY_TEST_DATA=none` leaves the data out, for a suite that makes its own.
 */
import { labUp, loadData } from '../../lab/src/index.ts';

export const setup = async (): Promise<void> => {
  await labUp();
  if (process.env['HIVEFERRY_TEST_DATA'] !== 'none') await loadData('tiny');
};
