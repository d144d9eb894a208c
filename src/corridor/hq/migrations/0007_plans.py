from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('hq', '0006_phones'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=32, unique=True)),
                ('asked_at_ms', models.BigIntegerField(db_index=True)),
                ('who', models.CharField(max_length=64)),
                ('role', models.CharField(max_length=32)),
                ('at_ms', models.BigIntegerField(default=0)),
                ('known_ms', models.BigIntegerField(default=0)),
                ('hours', models.IntegerField()),
                ('seconds', models.IntegerField()),
                ('seed', models.IntegerField()),
                ('base', models.CharField(blank=True, max_length=32)),
                ('changed', models.JSONField(default=dict)),
                ('state', models.CharField(max_length=16)),
                ('fault', models.TextField(blank=True)),
                ('problem', models.BinaryField(default=bytes)),
                ('plan', models.BinaryField(default=bytes)),
                ('first_come', models.BinaryField(default=bytes)),
                ('counsels', models.BinaryField(default=bytes)),
                ('value', models.FloatField(null=True)),
                ('bound', models.FloatField(null=True)),
                ('first_come_value', models.FloatField(null=True)),
                ('cpu_seconds', models.FloatField(default=0)),
            ],
        ),
    ]
