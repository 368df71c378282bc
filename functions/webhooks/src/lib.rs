//! Twilio calls in: messages and delivery status
