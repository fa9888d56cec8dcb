// The script of the page under test.

import * as idtoken from '/idtoken.mjs'
import { overflow } from '/overflow.mjs'
import { runCorpus } from '/run-corpus.mjs'

Object.assign(globalThis, { idtoken, overflow, runCorpus })
