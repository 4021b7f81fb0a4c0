import { defineArea } from '../../platform/area/define.ts'
import { namesView } from './views/names.ts'
import { shellView } from './views/shell.ts'

/** The frame around every page: badges, freshness, the palette's names. */
export const shellArea = defineArea({ id: 'shell', title: 'Shell', views: [shellView, namesView] })
