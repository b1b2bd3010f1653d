"""Prints, as one line of JSON, a token of each algorithm by PyJWT, the JWK set of their keys, and the RSA key in PEM."""
import json
import sys
import time

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

secret, claim = sys.argv[1], json.loads(sys.argv[2])
claims = {"sub": "pyjwt", "exp": int(time.time()) + 600, "heliograph": claim}
keys = {
    "RS256": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}
tokens = {"HS256": jwt.encode(claims, secret, algorithm="HS256")}
jwks = []
for algorithm, key in keys.items():
    kid = "pyjwt-" + algorithm
    tokens[algorithm] = jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})
    jwk = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
    jwks.append({**jwk, "kid": kid})
pem = keys["RS256"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
print(json.dumps({"tokens": tokens, "jwks": jwks, "pem": pem}))
