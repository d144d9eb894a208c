"""Care: triage, primary care, holds, fitness to travel, psychological first aid, losses and family tracing."""
