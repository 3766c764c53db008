//! What is said about the engine at start-up.

use crate::engine::{EngineStatus, ModelIdentity};

/// One line: which weights, how much context, how many threads, which CPU features.
pub fn start_up_line(identity: &ModelIdentity, status: &EngineStatus) -> String {
    let hash = identity.sha256.get(..12).map(|start| format!(" ({start}…)")).unwrap_or_default();
    let EngineStatus { context_tokens, threads, .. } = status;
    let features = status.cpu_features.join(" ");
    format!("model {}{hash}, context {context_tokens} tokens, {threads} threads, CPU: {features}", identity.name)
}

/// A warning when the native code was built without AVX2 on a processor family that has it.
pub fn slow_cpu_warning(status: &EngineStatus) -> Option<String> {
    let has_avx2 = status.cpu_features.iter().any(|feature| feature == "AVX2");
    let applies = cfg!(target_arch = "x86_64") && !status.cpu_features.is_empty() && !has_avx2;
    applies.then(|| {
        "the model code runs without AVX2 and will be several times slower; \
         build on this machine (`make run` does) or use a newer processor"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(features: &[&str]) -> EngineStatus {
        EngineStatus {
            context_tokens: 8192,
            threads: 2,
            cpu_features: features.iter().map(|&feature| feature.to_owned()).collect(),
            ..EngineStatus::default()
        }
    }

    #[test]
    fn the_line_names_model_context_threads_and_features() {
        let identity = ModelIdentity { name: "m".to_owned(), sha256: "0123456789abcdef".repeat(4) };

        let line = start_up_line(&identity, &status(&["AVX2", "FMA"]));

        assert_eq!(line, "model m (0123456789ab…), context 8192 tokens, 2 threads, CPU: AVX2 FMA");
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn warns_only_when_avx2_is_known_to_be_missing() {
        assert!(slow_cpu_warning(&status(&["SSE3"])).is_some());
        assert!(slow_cpu_warning(&status(&["SSE3", "AVX2"])).is_none());
        assert!(slow_cpu_warning(&status(&[])).is_none(), "nothing is known before the worker is ready");
    }
}
