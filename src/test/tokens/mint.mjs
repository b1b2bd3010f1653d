// Prints, as one line of JSON, a token of each algorithm by jose, the JWK set of their keys, and the RSA key in PEM.
import { SignJWT, exportJWK, exportSPKI, generateKeyPair } from 'jose';

const [secret, claim] = process.argv.slice(2);
const mint = (header, key) =>
  new SignJWT({ heliograph: JSON.parse(claim) })
    .setProtectedHeader(header)
    .setSubject('jose')
    .setExpirationTime('10m')
    .sign(key);

const tokens = { HS256: await mint({ alg: 'HS256' }, new TextEncoder().encode(secret)) };
const jwks = [];
let pem;
for (const alg of ['RS256', 'ES256', 'EdDSA']) {
  const { publicKey, privateKey } = await generateKeyPair(alg);
  const kid = `jose-${alg}`;
  tokens[alg] = await mint({ alg, kid }, privateKey);
  jwks.push({ ...(await exportJWK(publicKey)), kid });
  if (alg === 'RS256') pem = await exportSPKI(publicKey);
}
console.log(JSON.stringify({ tokens, jwks, pem }));
