//! What must hold of every calibration, and its edges.

#[cfg(test)]
mod properties;
