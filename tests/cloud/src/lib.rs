//! Templates, layering and real bootstrap binaries
