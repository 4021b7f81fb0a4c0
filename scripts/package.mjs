import { handOver, installDependencies } from './prepare.mjs'

installDependencies()
handOver('scripts/build-package.ts')
