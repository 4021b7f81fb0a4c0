import { vi } from 'vitest'

const waitFor = vi.waitFor.bind(vi)

/** The default of a second fails on a busy machine what is only slow; what never comes fails all the same. */
vi.waitFor = (check, options = 15_000) => waitFor(check, options)
