//! The templates, held against AWS's own descriptions of its resources by `cfn-lint`, which we did not write.

use std::process::Command;

#[test]
fn every_template_is_one_that_aws_would_take() {
    let python = porchlight_tools::python().expect("the tests' Python");
    let infra = porchlight_tools::project().join("infra");
    let templates = ["data.yaml", "app.yaml", "edge.yaml"].map(|name| infra.join(name));
    let lint = Command::new(python.with_file_name("cfn-lint")).args(templates).output();
    let output = lint.expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
