//! Message encryption for Web Push (RFC 8291, in the coding of RFC 8188), one record.

use aes_gcm::Aes128Gcm;
use aes_gcm::aead::{Aead, KeyInit};
use hkdf::Hkdf;
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;

/// The longest plaintext whose body has 4096 bytes, which is what every push service takes.
pub const MOST: usize = 3993;

/// The size of our one record.
const RECORD: u32 = 4096;

/// Whom it is encrypted for.
#[derive(Clone)]
pub struct Recipient {
    /// The browser's key.
    pub key: PublicKey,
    /// What it shares with us.
    pub auth: [u8; 16],
}

/// The body of a post; `secret` and `salt` are used once. None where the text is longer than [`MOST`].
pub fn encrypt(text: &[u8], to: &Recipient, secret: &SecretKey, salt: [u8; 16]) -> Option<Vec<u8>> {
    if text.len() > MOST {
        return None;
    }
    let theirs = to.key.to_sec1_point(false);
    let ours = secret.public_key().to_sec1_point(false);
    let shared = p256::ecdh::diffie_hellman(secret.to_nonzero_scalar(), to.key.as_affine());
    let info = [&b"WebPush: info\0"[..], theirs.as_bytes(), ours.as_bytes()].concat();
    let input: [u8; 32] = derive(&to.auth, shared.raw_secret_bytes(), &info);
    let key: [u8; 16] = derive(&salt, &input, b"Content-Encoding: aes128gcm\0");
    let nonce: [u8; 12] = derive(&salt, &input, b"Content-Encoding: nonce\0");
    // 2 delimits the last record.
    let padded = [text, &[2]].concat();
    let sealed = Aes128Gcm::new(&key.into()).encrypt(&nonce.into(), &*padded).ok()?;
    let length = u8::try_from(ours.as_bytes().len()).ok()?;
    Some([&salt[..], &RECORD.to_be_bytes(), &[length], ours.as_bytes(), &sealed].concat())
}

fn derive<const N: usize>(salt: &[u8], input: &[u8], info: &[u8]) -> [u8; N] {
    let mut output = [0; N];
    let expanded = Hkdf::<Sha256>::new(Some(salt), input).expand(info, &mut output);
    expanded.expect("at most 32 bytes are derived");
    output
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).expect("base64url")
    }

    /// RFC 8291, appendix A.
    #[test]
    fn the_example_of_the_standard_comes_out_byte_by_byte() {
        let to = Recipient {
            key: PublicKey::from_sec1_bytes(&bytes(
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            ))
            .expect("a point"),
            auth: bytes("BTBZMqHH6r4Tts7J_aSIgg").try_into().expect("16 bytes"),
        };
        let secret =
            SecretKey::from_slice(&bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).expect("a key");
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().expect("16 bytes");
        let body =
            encrypt(b"When I grow up, I want to be a watermelon", &to, &secret, salt).expect("it is short");
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(URL_SAFE_NO_PAD.encode(body), expected);
    }

    #[test]
    fn the_longest_text_makes_a_body_of_4096_bytes_and_a_longer_one_none() {
        let secret = SecretKey::from_slice(&[5; 32]).expect("a key");
        let to = Recipient { key: secret.public_key(), auth: [1; 16] };
        assert_eq!(encrypt(&[b'a'; MOST], &to, &secret, [2; 16]).map(|body| body.len()), Some(4096));
        assert!(encrypt(&[b'a'; MOST + 1], &to, &secret, [2; 16]).is_none());
    }
}
