import type { Metadata } from 'next'
import { readView } from '@/app/_server/view'
import { messagesView } from '@/lib/console/areas/messages/views/messages'
import { MessagesBody } from './_components/messages-body'

export const metadata: Metadata = { title: 'Messages' }

export default async function MessagesPage({ params, searchParams }: PageProps<'/[environment]/messages'>) {
  const { environment } = await params
  return (
    <MessagesBody environment={environment} initial={await readView(messagesView, environment, await searchParams)} />
  )
}
