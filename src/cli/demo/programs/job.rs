//! A job server's log: one JSON object a line, with events.

use std::time::Duration;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::Fate;
use crate::cli::demo::chance::Curve;
use crate::cli::demo::script::Pen;
use crate::cli::demo::script::Program;

/// A job.
#[derive(Debug)]
pub(in crate::cli::demo) struct Job {
    file: &'static str,
    id: &'static str,
    steps: u64,
    pace: Duration,
    fate: Fate,
    loss: Curve,
    step: u64,
}

impl Job {
    /// The log is `file`, and `id` names the job in its rows.
    pub(in crate::cli::demo) fn new(
        file: &'static str,
        id: &'static str,
        steps: u64,
        pace: Duration,
        fate: Fate,
        seed: u64,
    ) -> Self {
        Self { file, id, steps, pace, fate, loss: Curve::new(0.52, 0.17, 0.25, 0.12, seed), step: 0 }
    }

    fn row(&self, pen: &mut Pen, level: &str, event: &str, message: &str, fields: Value) {
        let mut row = Map::new();
        let mut put = |name: &str, value: Value| row.insert(name.to_owned(), value);
        put("ts", json!(pen.utc("%Y-%m-%dT%H:%M:%S.%3fZ")));
        put("level", json!(level));
        put("service", json!("worker"));
        put("job_id", json!(self.id));
        put("msg", json!(message));
        put("correlation_id", json!("req-4b1d7e02"));
        put("event", json!(event));
        if !fields.is_null() {
            put("fields", fields);
        }
        pen.write(self.file, format!("{}\n", Value::Object(row)));
    }

    fn head(&self, pen: &mut Pen) {
        let steps = self.steps;
        self.row(
            pen,
            "INFO",
            "training.start",
            "Training started",
            json!({"total_steps": steps, "config": {"rank": 16, "lr": 1e-4}}),
        );
        pen.wait(Duration::from_millis(400));
        self.row(pen, "INFO", "stage.loading_model", "Loading base model", Value::Null);
        pen.wait(Duration::from_millis(1800));
        self.row(pen, "INFO", "dataset.ready", "Dataset ready", json!({"image_count": 48}));
        pen.wait(Duration::from_millis(300));
        self.row(pen, "INFO", "training.execute", "Executing training", Value::Null);
    }
}

impl Program for Job {
    fn advance(&mut self, pen: &mut Pen) -> bool {
        if self.steps == 0 {
            self.row(pen, "INFO", "job.queued", "Waiting for a free GPU", Value::Null);
            return false;
        }
        if self.step == 0 {
            self.head(pen);
        }
        pen.wait(self.pace);
        self.step += 1;
        let (step, steps) = (self.step, self.steps);
        let share = step as f64 / steps as f64;
        let rounded = |value: f64, places: i32| (value * 10f64.powi(places)).round() / 10f64.powi(places);
        let loss = rounded(self.loss.at(share), 6);
        let left = (self.pace * u32::try_from(steps - step).unwrap_or(u32::MAX)).as_secs();
        let fields = json!({
            "step": step, "total_steps": steps, "progress_pct": rounded(share * 100.0, 2),
            "loss": loss, "lr": 1e-4, "eta_seconds": left,
        });
        self.row(pen, "DEBUG", "training.step", &format!("Step {step}/{steps}"), fields);
        if self.fate.strikes(step, pen, self.file) {
            return false;
        }
        if step.is_multiple_of(100) {
            let path = format!("samples/step_{step:05}.png");
            let fields = json!({"sample_path": path, "step": step, "sample_index": step / 100 - 1});
            self.row(pen, "INFO", "training.sample", "Sample written", fields);
        }
        if step.is_multiple_of(200) {
            let path = format!("checkpoints/lora_{step:06}.safetensors");
            self.row(
                pen,
                "INFO",
                "training.checkpoint",
                "Checkpoint saved",
                json!({"checkpoint_path": path, "step": step}),
            );
        }
        if step == steps {
            let seconds = rounded(pen.elapsed().as_secs_f64(), 1);
            let fields = json!({
                "output_path": "output/lora.safetensors", "training_time_seconds": seconds,
                "final_loss": loss, "samples_generated": steps / 100, "total_steps": steps,
            });
            self.row(pen, "INFO", "training.complete", "Training complete", fields);
            return false;
        }
        true
    }
}
