import {fileContracts} from './file-contracts.ts'

fileContracts('here', 'on this machine')
fileContracts('script', 'through what joins its arguments for a shell')
