'use client'

import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useRef } from 'react'

interface ArrivingAct {
  /** Id of the operation that the address asks for. */
  operation: string | undefined
  /** Called once the operation has opened. */
  onOpened: () => void
}

const Context = createContext<(ArrivingAct & { claim: () => boolean }) | undefined>(undefined)

/** Opens the act that the address asks for at the first button of it below: the palette sends people to a target with one. */
export function Arriving({ operation, onOpened, children }: ArrivingAct & { children: ReactNode }) {
  const claimed = useRef<string>(undefined)
  useEffect(() => {
    if (operation === undefined) claimed.current = undefined
  }, [operation])
  /** False for every button of the act but the first. */
  function claim() {
    if (claimed.current === operation) return false
    claimed.current = operation
    return true
  }
  return <Context value={{ operation, onOpened, claim }}>{children}</Context>
}

/** Opens the operation of a button when the address asks for it. */
export function useArriving(operation: string, onArrive: () => void) {
  const arriving = useContext(Context)
  const wanted = arriving?.operation === operation
  const open = useEffectEvent(() => {
    if (!arriving?.claim()) return
    arriving.onOpened()
    onArrive()
  })
  useEffect(() => {
    if (wanted) open()
  }, [wanted])
}
