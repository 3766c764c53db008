//! One integration-test binary over the public surface of Anamnesis; see `tests/suite`.
