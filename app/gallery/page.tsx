import { Gallery } from './gallery'

export default async function GalleryPage({ searchParams }: PageProps<'/gallery'>) {
  const query = await searchParams
  return <Gallery view={String(query.view ?? 'overview')} open={query.open ? String(query.open) : undefined} now={Date.now()} env={String(query.env ?? 'production')} fresh={String(query.fresh ?? 'live')} />
}
