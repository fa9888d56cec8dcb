import { testCorpusIn } from '../runtimes/corpus-in-browser.mjs'

testCorpusIn('firefox')
