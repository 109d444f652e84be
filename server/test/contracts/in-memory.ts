/**
 * The data folder of a store of its own in memory, empty and migrated: a copy of the one that `npm test` packed for this
 * run, else made from nothing.
 */
export const IN_MEMORY = `memory://${process.env['TEST_STORE'] ?? ''}`;
