//! The certificate: self-signed, made at first start, kept in the data folder.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{CertificateParams, DnType, KeyPair, SanType};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The certificate chain, PEM. Replace both files to use another one.
pub const CERTIFICATE_FILE: &str = "certificate.pem";
/// The private key, PEM, readable by its owner only.
pub const KEY_FILE: &str = "key.pem";

/// What helps when one of the two files is missing or broken.
const PAIR: &str = "certificate.pem and key.pem belong together: delete both to have new ones made";

/// A file that is not there is half a pair: otherwise both would have been made.
fn hint(source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::NotFound => format!("; {PAIR}"),
        _ => String::new(),
    }
}

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read or written.
    #[error("{path}: {source}{hint}", path = path.display(), hint = hint(source))]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file holds no certificate or no key.
    #[error("{path} holds no {what}; {PAIR}", path = path.display())]
    Empty {
        /// Which one.
        path: PathBuf,
        /// What is missing.
        what: &'static str,
    },
    /// No certificate could be made.
    #[error("cannot make a certificate: {0}")]
    Generate(#[from] rcgen::Error),
    /// The key is not the certificate's, or of an unknown kind.
    #[error("the certificate cannot be used: {0}; {PAIR}")]
    Unusable(#[from] rustls::Error),
}

/// The TLS settings of every secure listener, from the files in `data`, which are made when both are missing.
///
/// # Errors
/// A file that cannot be read, written or used.
pub fn server_config(data: &Path, host: &str) -> Result<Arc<rustls::ServerConfig>, TlsError> {
    let (certificate, key) = (data.join(CERTIFICATE_FILE), data.join(KEY_FILE));
    if !certificate.exists() && !key.exists() {
        generate(&certificate, &key, host)?;
    }
    let chain = read(&certificate, |pem| {
        rustls_pemfile::certs(pem).collect::<Result<Vec<CertificateDer<'static>>, _>>()
    })?;
    if chain.is_empty() {
        return Err(empty(&certificate, "certificate"));
    }
    let private: Option<PrivateKeyDer<'static>> =
        read(&key, |pem| rustls_pemfile::private_key(pem))?;
    let private = private.ok_or_else(|| empty(&key, "private key"))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, private)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn generate(certificate: &Path, key: &Path, host: &str) -> Result<(), TlsError> {
    let mut names = vec![
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
        "::1".to_owned(),
    ];
    if !names.iter().any(|name| name == host) {
        names.insert(0, host.to_owned());
    }
    // An address among the names becomes an address entry of the certificate.
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, host);
    debug_assert!(
        params
            .subject_alt_names
            .iter()
            .any(|name| matches!(name, SanType::IpAddress(_)))
    );
    let pair = KeyPair::generate()?;
    let signed = params.self_signed(&pair)?;
    write(key, pair.serialize_pem().as_bytes(), true)?;
    write(certificate, signed.pem().as_bytes(), false)
}

fn write(path: &Path, bytes: &[u8], secret: bool) -> Result<(), TlsError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if secret {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let written = options
        .open(path)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|source| file_error(path, source))
}

fn read<T>(
    path: &Path,
    parse: impl FnOnce(&mut dyn io::BufRead) -> io::Result<T>,
) -> Result<T, TlsError> {
    let bytes = std::fs::read(path).map_err(|source| file_error(path, source))?;
    parse(&mut bytes.as_slice()).map_err(|source| file_error(path, source))
}

fn file_error(path: &Path, source: io::Error) -> TlsError {
    TlsError::File {
        path: path.to_owned(),
        source,
    }
}

fn empty(path: &Path, what: &'static str) -> TlsError {
    TlsError::Empty {
        path: path.to_owned(),
        what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_once_and_used_again() {
        let data = tempfile::tempdir().unwrap();
        server_config(data.path(), "finesse1.example.com").unwrap();
        let first = std::fs::read(data.path().join(CERTIFICATE_FILE)).unwrap();
        server_config(data.path(), "finesse1.example.com").unwrap();
        let second = std::fs::read(data.path().join(CERTIFICATE_FILE)).unwrap();
        assert_eq!(first, second);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_the_key() {
        use std::os::unix::fs::PermissionsExt as _;
        let data = tempfile::tempdir().unwrap();
        server_config(data.path(), "localhost").unwrap();
        let mode = std::fs::metadata(data.path().join(KEY_FILE))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn half_a_pair_is_an_error_and_is_not_replaced() {
        let data = tempfile::tempdir().unwrap();
        std::fs::write(data.path().join(KEY_FILE), "not a key").unwrap();
        let error = server_config(data.path(), "localhost").unwrap_err();
        assert!(matches!(error, TlsError::File { .. }), "{error}");
        assert!(error.to_string().contains("delete both"), "{error}");
        assert_eq!(
            std::fs::read(data.path().join(KEY_FILE)).unwrap(),
            b"not a key"
        );
    }

    #[test]
    fn an_empty_file_is_named() {
        let data = tempfile::tempdir().unwrap();
        std::fs::write(data.path().join(CERTIFICATE_FILE), "").unwrap();
        std::fs::write(data.path().join(KEY_FILE), "").unwrap();
        let error = server_config(data.path(), "localhost").unwrap_err();
        assert!(
            error.to_string().contains("holds no certificate"),
            "{error}"
        );
    }
}
