import { loadAdapter } from '../../core/load-adapter.ts'

/** Loaded with the first email that needs it. */
export const loadReactEmail = () =>
  loadAdapter('An email that is made from React, or HTML without a text', () => import('./adapters/react-email.ts'))
