# GONE
// GONE
resource "aws_instance" "KEPT" {
  ami       = "ami-1" /* GONE */
  user_data = <<-EOF
    #!/bin/sh
    # KEPT
    curl https://KEPT.example // KEPT
  EOF
  tags = { url = "https://${var.host != "" ? var.host : "KEPT//"}" } # GONE
}
