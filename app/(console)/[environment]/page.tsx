import type { Route } from 'next'
import { redirect } from 'next/navigation'

export default async function EnvironmentPage({ params }: PageProps<'/[environment]'>) {
  redirect(`/${(await params).environment}/overview` as Route)
}
