//! The one place that calls native code without a safe wrapper.
#![expect(unsafe_code, reason = "llama-cpp-2 has no wrapper for llama_print_system_info")]

use std::ffi::CStr;

/// The CPU features that the native code uses, such as `AVX2`, as it names them.
pub(crate) fn cpu_features() -> Vec<String> {
    // SAFETY: the function takes nothing and returns a pointer to a text that lives, unchanged
    // until the next call, in static storage; it is only called here, from the one thread that
    // computes, and copied at once.
    let info = unsafe { CStr::from_ptr(llama_cpp_sys_2::llama_print_system_info()) }.to_string_lossy();
    enabled(&info)
}

/// Picks the names from a text such as `CPU : SSE3 = 1 | AVX2 = 1 | REPACK = 1 | `.
fn enabled(info: &str) -> Vec<String> {
    let feature = |part: &str| {
        let (name, value) = part.rsplit(':').next()?.split_once('=')?;
        (value.trim() == "1").then(|| name.trim().to_owned())
    };
    info.split('|').filter_map(feature).collect()
}

#[cfg(test)]
mod tests {
    use super::enabled;

    #[test]
    fn only_features_that_are_on_are_named() {
        assert_eq!(enabled("CPU : SSE3 = 1 | AVX2 = 1 | AVX512 = 0 | OPENMP = 1 | "), ["SSE3", "AVX2", "OPENMP"]);
        assert!(enabled("").is_empty());
    }
}
