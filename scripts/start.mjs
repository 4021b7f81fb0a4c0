import { compiled, handOver, installDependencies } from './prepare.mjs'

installDependencies('start')
handOver('scripts/start/main.ts', { NODE_COMPILE_CACHE: compiled })
