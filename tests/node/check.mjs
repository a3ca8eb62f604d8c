// SPDX-License-Identifier: Apache-2.0
// Reads {controller, context, lists, now, credentials, inclusions, consistencies} and answers for each whether programs
// of other makers accept it. Nothing is fetched: what a document's address leads to is given.
import * as status from '@digitalbazaar/vc-bitstring-status-list';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {readFileSync} from 'node:fs';
import {RFC9162 as rfc9162} from '@transmute/rfc9162';

const given = JSON.parse(readFileSync(0, 'utf8'));
const suite = new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()});
const bytes = text => Uint8Array.from(Buffer.from(text, 'base64'));

async function documentLoader(url) {
  const document = given.documents[url];
  if(document === undefined) {
    throw new Error(`${url} is not known here`);
  }
  return {contextUrl: null, documentUrl: url, document};
}

async function credential(each) {
  const now = new Date(given.now);
  const found = await vc.verifyCredential({
    credential: structuredClone(each), suite, documentLoader, now, checkStatus: async () => ({verified: true})
  });
  const listed = each.credentialStatus && await status.checkStatus({credential: structuredClone(each), suite, documentLoader});
  return {
    verified: found.verified,
    errors: (found.error?.errors ?? []).concat(listed?.error ?? []).map(error => error.message),
    status: listed ? listed.results?.map(result => [result.credentialStatus.statusPurpose, result.status]) : null
  };
}

const inclusion = each => rfc9162.verifyInclusionProof(bytes(each.root), bytes(each.leaf), {
  log_id: '', tree_size: each.size, leaf_index: each.index, inclusion_path: each.path.map(bytes)
});

// The library leaves out step 2 of RFC 9162, 2.1.4.2: for a first size that is a power of two, the path begins with its root.
const consistency = each => {
  const power = Number.isInteger(Math.log2(each.first));
  return rfc9162.verifyConsistencyProof(bytes(each.firstRoot), bytes(each.secondRoot), {
    log_id: '', tree_size_1: each.first, tree_size_2: each.second,
    consistency_path: (power ? [each.firstRoot, ...each.path] : each.path).map(bytes)
  });
};

console.log(JSON.stringify({
  credentials: await Promise.all(given.credentials.map(credential)),
  inclusions: await Promise.all(given.inclusions.map(inclusion)),
  consistencies: await Promise.all(given.consistencies.map(consistency)),
}));
