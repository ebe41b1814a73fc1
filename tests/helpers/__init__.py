"""What tests are made with: reports, files, servers, stores."""
