//! The simulator by itself, to look at its page: phones with names, and no Porchlight to tell.
//!
//! ```sh
//! cargo run -p porchlight-simulator --example page
//! ```

use porchlight_simulator::{Line, Persona, Personas, Simulator, SimulatorConfig, StartError};

const PEOPLE: [(&str, &str); 4] = [
    ("+12075550188", "Maria Santos"),
    ("+12075550117", "Dan Pruitt"),
    ("+12075550163", "Priya Raman"),
    ("+12075550131", "Walt Eaton"),
];

#[tokio::main]
async fn main() -> Result<(), StartError> {
    let people = PEOPLE.map(|(number, name)| Persona { number: number.into(), name: name.into() });
    let mut config = SimulatorConfig::new("AC00000000000000000000000000000042", "a token of the example");
    config.bind = std::net::SocketAddr::from(([127, 0, 0, 1], 7879));
    config.seed = 4417;
    config.personas = Personas { answering: true, people: people.into(), landlines: Vec::new() };
    config.lines = vec![Line {
        number: "+12075550142".into(),
        webhook_url: "http://127.0.0.1:9/messages".into(),
        name: Some("Harbor Plumbing & Heating".into()),
    }];
    config.inbox_url = Some("http://127.0.0.1:7878".into());
    let simulator = Simulator::start(config).await?;
    println!("{}", simulator.url());
    std::future::pending().await
}
