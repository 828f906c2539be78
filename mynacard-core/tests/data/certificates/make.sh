#!/bin/sh
# Makes pairs of a root and an authentication certificate under it, KIND-root.der and KIND-leaf.der, by
# OpenSSL 3: an implementation that has nothing in common with the one under test. Keys are thrown away,
# so a new run makes other certificates of the same kinds.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/openssl.cnf" <<'CONF'
[req]
distinguished_name = dn
prompt = no
[dn]
C = JP
O = WORKSHOP
OU = JPKI for user authentication
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
certificatePolicies = critical, 1.2.392.200149.8.5.1.3.30
authorityKeyIdentifier = keyid
CONF

key() { # NAME ALGORITHM...
    name=$1
    shift
    openssl genpkey -quiet -out "$work/$name.pem" -algorithm "$@" 2> /dev/null \
        || openssl genpkey -out "$work/$name.pem" -algorithm "$@" 2> /dev/null
}

pair() { # KIND ROOT_KEY LEAF_KEY [SIGNING OPTIONS...]
    kind=$1 root=$2 leaf=$3
    shift 3
    openssl req -config "$work/openssl.cnf" -x509 -extensions root -days 7300 -set_serial 1 \
        -key "$work/$root.pem" "$@" -outform DER -out "$kind-root.der"
    openssl req -config "$work/openssl.cnf" -new -key "$work/$leaf.pem" -subj /C=JP/CN=WORKSHOP \
        -out "$work/leaf.csr"
    openssl x509 -req -in "$work/leaf.csr" -CA "$kind-root.der" -CAform DER -CAkey "$work/$root.pem" \
        -extfile "$work/openssl.cnf" -extensions leaf -days 3650 -set_serial 2 "$@" \
        -outform DER -out "$kind-leaf.der" 2> /dev/null
}

for bits in 2048 3072 4096 5120; do key "rsa$bits" RSA -pkeyopt "rsa_keygen_bits:$bits"; done
for curve in P-256 P-384 P-521 secp256k1; do
    key "$curve" EC -pkeyopt "ec_paramgen_curve:$curve" -pkeyopt ec_param_enc:named_curve
done
key ed25519 ED25519
openssl ec -in "$work/P-384.pem" -conv_form compressed -out "$work/compressed.pem" 2> /dev/null

# Known.
pair rsa2048-sha256 rsa2048 rsa2048 -sha256
pair rsa2048-sha384 rsa2048 rsa2048 -sha384
pair rsa3072-sha512 rsa3072 rsa2048 -sha512
pair rsa4096-sha512 rsa4096 rsa4096 -sha512
pair p256-sha256 P-256 P-256 -sha256
pair p256-sha384 P-256 P-256 -sha384
pair p384-sha256 P-384 P-384 -sha256
pair p384-sha384 P-384 P-384 -sha384
pair p384-under-rsa rsa2048 P-384 -sha256
pair rsa-under-p384 P-384 rsa2048 -sha384
# Known issuers, keys that are not.
pair p521-under-rsa rsa2048 P-521 -sha256
pair rsa5120-under-rsa rsa2048 rsa5120 -sha256
pair compressed-under-p384 P-384 compressed -sha384
pair ed25519-under-p384 P-384 ed25519 -sha384
# Algorithms and keys that are not known.
pair rsa2048-sha224 rsa2048 rsa2048 -sha224
pair rsa2048-pss rsa2048 rsa2048 -sha256 -sigopt rsa_padding_mode:pss
pair rsa5120-sha256 rsa5120 rsa2048 -sha256
pair p384-sha512 P-384 P-384 -sha512
pair p521-sha512 P-521 P-521 -sha512
pair p521-sha384 P-521 P-521 -sha384
pair secp256k1-sha256 secp256k1 secp256k1 -sha256
pair ed25519 ed25519 ed25519
