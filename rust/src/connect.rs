//! From settings to a session.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use openssl::ssl::{SslConnector, SslConnectorBuilder, SslContext, SslMethod, SslVerifyMode};
use openssl::x509::store::X509StoreBuilder;
use scylla::client::execution_profile::ExecutionProfile;
use scylla::client::session::Session;
use scylla::client::session_builder::SessionBuilder;
use scylla::client::{Compression, PoolSize};
use scylla::policies::load_balancing::{DefaultPolicy, LoadBalancingPolicy};
use scylla::policies::reconnect::ExponentialReconnectPolicy;

use crate::failure::{Failure, Kind};

/// What the C++ side sets; see bytebasket_cql.h.
pub struct Settings {
    pub contact_points: Vec<String>,
    pub keyspace: String,
    pub datacenter: String,
    pub user: String,
    pub password: String,
    pub tls: bool,
    pub ca_file: String,
    pub tls_name: String,
    pub connections: usize,
    pub connect_timeout: Duration,
    pub request_timeout: Duration,
    pub compression: bool,
}

/// A node that comes back is noticed within about this long. The driver's own limit is ten seconds.
const LONGEST_RECONNECT_PAUSE: Duration = Duration::from_secs(1);

/// Believes the authorities in `file`, and none of the system's.
fn trust_only(file: &str, context: &mut SslConnectorBuilder) -> Result<(), Failure> {
    context.set_cert_store(X509StoreBuilder::new()?.build());
    context.set_ca_file(file).map_err(|error| {
        let text = format!("the file of authorities {file} cannot be read: {error}");
        Failure::new(Kind::Invalid, text)
    })
}

/// X509_V_ERR_IP_ADDRESS_MISMATCH of OpenSSL.
const ADDRESS_MISMATCH: i32 = 64;

/// A context that takes only certificates of the given authorities. The driver asks each node's certificate for the
/// address that it connects to; where the nodes carry a name instead, that name has to be there, and the address need not.
fn tls(settings: &Settings) -> Result<SslContext, Failure> {
    let mut context = SslConnector::builder(SslMethod::tls_client())?;
    if !settings.ca_file.is_empty() {
        trust_only(&settings.ca_file, &mut context)?;
    }
    if !settings.tls_name.is_empty() {
        context.verify_param_mut().set_host(&settings.tls_name)?;
        // OpenSSL calls for each thing that is wrong: another name stays wrong.
        context.set_verify_callback(SslVerifyMode::PEER, |is_right, certificate| {
            is_right || certificate.error().as_raw() == ADDRESS_MISMATCH
        });
    }
    Ok(context.build().into_context())
}

/// Asks the nodes that hold the rows, and none outside the datacenter that is named.
fn nodes_to_ask(settings: &Settings) -> Arc<dyn LoadBalancingPolicy> {
    let policy = DefaultPolicy::builder();
    if settings.datacenter.is_empty() {
        return policy.build();
    }
    policy
        .prefer_datacenter(settings.datacenter.clone())
        .build()
}

pub async fn connect(settings: &Settings) -> Result<Session, Failure> {
    let profile = ExecutionProfile::builder()
        .request_timeout(Some(settings.request_timeout))
        .load_balancing_policy(nodes_to_ask(settings))
        .build();
    let connections = NonZeroUsize::new(settings.connections).unwrap_or(NonZeroUsize::MIN);
    let mut builder = SessionBuilder::new()
        .known_nodes(&settings.contact_points)
        .connection_timeout(settings.connect_timeout)
        .pool_size(PoolSize::PerHost(connections))
        .default_execution_profile_handle(profile.into_handle())
        // Enough to send a statement to a node that holds its rows.
        .fetch_schema_metadata(false)
        .keyspaces_to_fetch([&settings.keyspace])
        .compression(settings.compression.then_some(Compression::Lz4));
    if !settings.user.is_empty() {
        builder = builder.user(&settings.user, &settings.password);
    }
    if settings.tls {
        builder = builder.tls_context(Some(tls(settings)?));
    }
    builder.config.reconnect_policy = Arc::new(
        ExponentialReconnectPolicy::new()
            .with_backoff_limits(Duration::from_millis(50), LONGEST_RECONNECT_PAUSE),
    );
    Ok(builder.build().await?)
}
