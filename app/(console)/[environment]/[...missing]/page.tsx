import { notFound } from 'next/navigation'

/** An address of this environment that leads nowhere: said within the shell, where the way on is. */
export default function MissingPage(): never {
  notFound()
}
