// The script of the page under test.

import * as idtoken from '/idtoken.mjs'
import { runCorpus } from '/run-corpus.mjs'

Object.assign(globalThis, { idtoken, runCorpus })
