import { handOver, installDependencies } from './prepare.mjs'

installDependencies()
handOver('bench/main.ts')
