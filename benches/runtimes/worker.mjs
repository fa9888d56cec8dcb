// The candidates in workerd: it gets material and settings, and answers with what measure.mjs found.
import * as idtoken from 'idtoken';
import * as remote from 'idtoken/remote';
import { measure } from './measure.bundle.mjs';

export default {
  async fetch(request) {
    const { material, settings } = await request.json();
    return Response.json({ algorithms: await measure({ idtoken, remote }, material, settings) });
  },
};
