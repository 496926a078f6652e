/** The in-process bus as a transport of Nest: what listens for the handlers of planner and executor. */
export const BUS_SERVER = Symbol('BusServer');
