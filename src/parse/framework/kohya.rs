//! kohya-ss: bilingual lines, and a note of each epoch that counts from 0 and 1 at once and is wrapped by Rich.

use super::Line;
use super::Out;
use super::Shape;

#[derive(Default)]
pub(super) struct Kohya {
    /// The note goes on in the next line.
    wrapped: bool,
}

impl Shape for Kohya {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with("epoch is incremented.") || body.contains('学')
    }

    fn is_busy(&self) -> bool {
        self.wrapped
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let wrapped = std::mem::take(&mut self.wrapped);
        if line.body.starts_with("epoch is incremented.") {
            out.framework("kohya");
            self.wrapped = true;
            return true;
        }
        if !line.ascii && (line.body.contains("学習開始") || line.body.contains("学習ステップ数"))
        {
            out.framework("kohya");
        }
        wrapped && line.raw.starts_with("          ") && line.body.starts_with("epoch:")
    }
}
