-- The entry in packed form. Rows of before have their text in `entry`, later ones leave it empty.
-- The checksum covers the key and whichever is there. Snapshots hold the packed form under the same compression.
ALTER TABLE log ADD COLUMN packed BLOB;
