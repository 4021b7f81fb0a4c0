'use client'

import { createContext, type ReactNode, useContext, useEffect, useEffectEvent } from 'react'

interface ArrivingAct {
  /** Id of the operation that the address asks for. */
  operation: string | undefined
  /** Called once the operation has opened. */
  onOpened: () => void
}

const Context = createContext<ArrivingAct | undefined>(undefined)

/** Opens the act that the address asks for at the first button of it below: the palette sends people to a target with one. */
export function Arriving({ operation, onOpened, children }: ArrivingAct & { children: ReactNode }) {
  return <Context value={{ operation, onOpened }}>{children}</Context>
}

/** Opens the operation of a button when the address asks for it. */
export function useArriving(operation: string, onArrive: () => void) {
  const arriving = useContext(Context)
  const wanted = arriving?.operation === operation
  const open = useEffectEvent(() => {
    arriving?.onOpened()
    onArrive()
  })
  useEffect(() => {
    if (wanted) open()
  }, [wanted])
}
