import type { Area, AreaPage } from '@/lib/console/platform/area/define'

/** A page of the navigation, as the browser gets it. */
export interface PageEntry extends AreaPage {
  id: string
  title: string
}

/** The pages of the areas, in their order. */
export function pagesOf(areas: readonly Area[]): PageEntry[] {
  return areas.flatMap(({ id, title, page }) => (page ? [{ id, title, ...page }] : []))
}
