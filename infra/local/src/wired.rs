//! The wiring itself: the functions built, each with its rights, and what the templates connect to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use porchlight_edge::{Function, Platform, Wake};
use porchlight_engine::template::{FunctionSpec, StreamMapping, table_arn};
use porchlight_engine::{Access, Stack};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::bucket;
use crate::functions::{derives, sent};
use crate::gateway::answers::Answers;
use crate::gateway::bodies::Bodies;
use crate::gateway::bucket::BucketDoor;
use crate::gateway::edge::EdgeHeaders;
use crate::gateway::routes::{Mounted, Routes};
use crate::gateway::web::WebFiles;
use crate::gateway::{Gateway, GatewayParts};
use crate::invoker::Invoker;
use crate::local::{Options, StartError};
use crate::own;
use crate::schedules::Schedule;
use crate::secrets::PolicedSecrets;
use crate::streams::{Pump, PumpParts};

/// The functions, built.
pub(crate) struct Wired {
    /// May do everything.
    pub(crate) platform: Platform,
    /// What the template says of each, and the function.
    pub(crate) functions: Vec<(FunctionSpec, Invoker)>,
}

impl Wired {
    /// Builds every function that the template names.
    pub(crate) fn new(options: &Options, stack: &Stack) -> Result<Self, StartError> {
        let wake = Wake::local();
        let told = wake.clone();
        options.engine.on_write(move |table| told.notify(table));
        let built = stack.functions()?.into_iter().map(|spec| {
            check_stream_rights(&spec)?;
            let invoker = build(options, &wake, &spec)?;
            Ok((spec, invoker))
        });
        let functions = built.collect::<Result<_, StartError>>()?;
        let ambience = (&options.clock, &options.entropy);
        let platform =
            own::platform(stack, &options.engine, ambience, (&options.secrets, &options.bucket), wake);
        Ok(Self { platform, functions })
    }

    /// The routes in front of them.
    pub(crate) fn gateway(
        &self,
        options: &Options,
        stack: &Stack,
        https: bool,
    ) -> Result<Gateway, StartError> {
        let api = stack.of_kind("AWS::Serverless::Api").next();
        let api = api.ok_or_else(|| StartError::Wiring("there is no AWS::Serverless::Api".to_owned()))?;
        let mounted = self.functions.iter().flat_map(|(spec, invoker)| {
            spec.routes.iter().map(|route| Mounted { route: route.clone(), invoker: invoker.clone() })
        });
        let binary = api.properties["BinaryMediaTypes"].as_array().into_iter().flatten();
        Ok(Gateway::new(GatewayParts {
            routes: Routes::new(mounted.collect()),
            binary: binary.filter_map(|kind| Some(kind.as_str()?.replace("~1", "/"))).collect(),
            compressed_from: compressed_from(&api.properties["MinimumCompressionSize"]),
            answers: Answers::read(&api.properties["GatewayResponses"]),
            edge: EdgeHeaders::read(stack, https).map_err(StartError::Wiring)?,
            web: WebFiles::new(options.web.clone()),
            clock: options.clock.clone(),
            entropy: options.entropy.clone(),
            proxies: options.trusted_proxies.clone(),
            limits: options.limits,
            bodies: Bodies::new(&options.limits),
            store: options.engine.clone(),
            bucket: BucketDoor::new(options.bucket.clone()),
        }))
    }

    /// Starts to read the streams for them.
    pub(crate) async fn start_pumps(
        &self,
        options: &Options,
        stop: &CancellationToken,
        tasks: &TaskTracker,
    ) -> Result<(), StartError> {
        let mut pumps = Vec::new();
        for (spec, invoker) in &self.functions {
            for mapping in &spec.streams {
                let parts = PumpParts {
                    mapping: mapping.clone(),
                    invoker: invoker.clone(),
                    engine: options.engine.clone(),
                    clock: options.clock.clone(),
                    faults: options.faults.clone(),
                    backoff: options.backoff,
                };
                pumps.push(Pump::new(parts, stop, tasks).map_err(StartError::Wiring)?);
            }
        }
        check_readers(&pumps)?;
        options.engine.register_consumers(pumps.iter().map(Pump::consumer).collect()).await?;
        for pump in pumps {
            tasks.spawn(pump.run(stop.clone()));
        }
        Ok(())
    }

    /// What wakes them by the clock.
    pub(crate) fn schedules(&self) -> Vec<Schedule> {
        let all = self.functions.iter().flat_map(|(spec, invoker)| {
            spec.schedules.iter().map(|schedule| Schedule {
                invoker: invoker.clone(),
                every: schedule.every,
                event: schedule.input.clone(),
            })
        });
        all.collect()
    }
}

fn build(options: &Options, wake: &Wake, spec: &FunctionSpec) -> Result<Invoker, StartError> {
    let build = options.functions.get(&spec.code);
    let build = build.ok_or_else(|| {
        StartError::Wiring(format!("{} names {}, which is not linked in", spec.id, spec.code))
    })?;
    let function = build(platform_of(spec, options, wake.clone()))
        .map_err(|source| StartError::Function { function: spec.id.clone(), source })?;
    check_events(spec, &function).map_err(StartError::Wiring)?;
    let settings = spec.environment.clone().into_iter().collect();
    Ok(Invoker::new(&spec.id, function.behind_cloudfront(&settings), spec.timeout))
}

/// What a function is given, held to its role.
fn platform_of(spec: &FunctionSpec, options: &Options, wake: Wake) -> Platform {
    let settings = spec.environment.clone().into_iter().collect();
    let access = || Access {
        policy: Some(spec.policy.clone()),
        faults: options.faults.clone(),
        trails: derives(&spec.code),
    };
    let policed = || PolicedSecrets::new(Arc::clone(&options.secrets), spec.policy.clone());
    Platform::new(options.clock.clone(), options.entropy.clone(), settings, wake)
        .with_dynamodb(|| options.engine.calls(access()))
        .with_secrets(|| Arc::new(policed()))
        .with_bucket(|name| Some(bucket::policed(&options.bucket, name, spec.policy.clone())))
        .with_aws(|| options.aws.clone())
}

/// A function is sent what it takes, and nothing that it takes is sent by nobody.
fn check_events(spec: &FunctionSpec, function: &Function) -> Result<(), String> {
    let (sent, taken) = (sent(spec)?, function.takes());
    let FunctionSpec { id, code, .. } = spec;
    if let Some(kind) = sent.difference(&taken).next() {
        return Err(format!("{id} is sent {kind}, which {code} does not take"));
    }
    taken
        .difference(&sent)
        .next()
        .map_or(Ok(()), |kind| Err(format!("{code} takes {kind}, which {id} is sent by no event")))
}

/// Lambda reads streams and fills dead-letter queues with the function's own role.
fn check_stream_rights(spec: &FunctionSpec) -> Result<(), StartError> {
    let needed = spec.streams.iter().flat_map(|mapping: &StreamMapping| {
        let stream = format!("{}/stream/local", table_arn(&mapping.table));
        let reads = ["DescribeStream", "GetRecords", "GetShardIterator"]
            .map(|action| (format!("dynamodb:{action}"), stream.clone()));
        reads
            .into_iter()
            .chain(mapping.dead_letters.clone().map(|queue| ("sqs:SendMessage".to_owned(), queue)))
    });
    needed.into_iter().try_for_each(|(action, resource)| {
        spec.policy.check(&action, &resource).map_err(|denied| StartError::Wiring(denied.to_string()))
    })
}

/// AWS lets a stream have two Lambda readers.
fn check_readers(pumps: &[Pump]) -> Result<(), StartError> {
    let mut readers = BTreeMap::<String, usize>::new();
    for pump in pumps {
        *readers.entry(pump.consumer().table).or_default() += 1;
    }
    match readers.into_iter().find(|(_, count)| *count > 2) {
        Some((table, count)) => {
            Err(StartError::Wiring(format!("the stream of {table} has {count} readers; AWS allows two")))
        }
        None => Ok(()),
    }
}

/// AWS takes up to 10 MB; what is as large as that is compressed here from 64 kB on.
fn compressed_from(declared: &Value) -> Option<u16> {
    declared.as_u64().map(|size| u16::try_from(size).unwrap_or(u16::MAX))
}
